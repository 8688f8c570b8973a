import type { CaptureRequest, Material, RequiredMaterial } from "@virtual-window/signaling"

export interface PaperTile {
  key: string
  state: "taken" | "now" | "next"
  code: string | null
  page: number
  /** The stored page; null while it is still to be taken. */
  material: Material | null
}

export interface Papers {
  tiles: PaperTile[]
  /** What is to be laid before the camera now; null when nothing is. */
  current: { code: string | null; page: number; requested: boolean } | null
  wanted: number
  taken: number
}

/** The papers of a call in order: those taken, the one whose turn it is, those to come. */
export function arrangePapers(
  required: readonly RequiredMaterial[],
  materials: readonly Material[],
  requests: readonly CaptureRequest[],
  chosen: string | null,
): Papers {
  const taken = [...materials].sort((a, b) => a.captured_at.localeCompare(b.captured_at))
  const have = new Set(taken.map((material) => material.material_code))
  const always = required.filter((paper) => paper.required && !paper.made_by_form && !paper.when).map((paper) => paper.code)
  const open = requests.filter((request) => request.state === "open")
  const asked = open.map((request) => request.material_code).filter((code): code is string => code !== null)
  const wanted = [...new Set([...always, ...asked])]
  const missing = wanted.filter((code) => !have.has(code))

  const current = currentPaper(open, missing, chosen, taken)
  const tiles: PaperTile[] = taken.map((material) => ({
    key: material.id, state: "taken", code: material.material_code, page: material.page, material,
  }))
  if (current) tiles.push({ key: "now", state: "now", code: current.code, page: current.page, material: null })
  for (const code of missing) {
    if (code !== current?.code) tiles.push({ key: `next-${code}`, state: "next", code, page: 1, material: null })
  }
  return { tiles, current, wanted: wanted.length, taken: wanted.length - missing.length }
}

function currentPaper(open: readonly CaptureRequest[], missing: readonly string[], chosen: string | null, taken: readonly Material[]) {
  const request = open[0]
  if (request) return { code: request.material_code, page: request.page, requested: true }
  const code = chosen ?? missing[0] ?? null
  if (code === null) return null
  const pages = taken.filter((material) => material.material_code === code).map((material) => material.page)
  return { code, page: Math.max(0, ...pages) + 1, requested: false }
}
