import { Problem, type Case } from "@virtual-window/signaling"
import { createPinia, setActivePinia } from "pinia"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { nextTick } from "vue"
import { useCaseForm } from "./caseForm"
import { useSession } from "./session"

const server = vi.hoisted(() => ({ get: vi.fn(), put: vi.fn(), post: vi.fn() }))
vi.mock("@/server", () => ({
  api: { get: server.get, put: server.put, post: server.post, del: vi.fn() },
  clock: { now: () => Date.UTC(2024, 10, 26, 2, 41) },
  feed: { subscribe: () => ({ close: () => undefined }) },
}))

const item = { code: "i", name: { "zh-CN": "", en: "" }, materials: [], form: { schema: { type: "object", properties: { name: { type: "string" }, phone: { type: "string" } }, required: ["name"] }, example: {} } }
const made = (version: number, fields: Record<string, unknown>): Case => ({ id: "c", number: "PT-1", state: "draft", item_code: "i", fields, problems: [], masked: false, version, created_at: "2024-11-26T02:40:00.000Z", updated_at: "2024-11-26T02:40:00.000Z" })
let stored: Case | null = null

async function opened() {
  const session = useSession()
  const form = useCaseForm()
  server.get.mockImplementation((path: string) => Promise.resolve(path.startsWith("/catalogue") ? item : { item_code: "i", materials: [], notes: [], case: stored }))
  session.open("s")
  await vi.waitFor(() => { expect(session.item).not.toBeNull() })
  return { session, form }
}

describe("the form of a session", () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    stored = null
    server.put.mockReset()
    server.post.mockReset().mockResolvedValue(undefined)
  })

  it("makes the case at its first save, with the note", async () => {
    const { form } = await opened()
    form.set("name", "李示例")
    form.note = " 要补材料 "
    expect(form.unsaved).toBe(true)
    server.put.mockImplementation((_path: string, body: { fields: Record<string, unknown> }) => Promise.resolve(stored = made(1, body.fields)))
    await form.save()
    expect(server.put).toHaveBeenCalledWith("/sessions/s/case", { fields: { name: "李示例" }, version: null })
    expect(server.post).toHaveBeenCalledWith("/cases/c/notes", { text: "要补材料" })
    expect([form.saved?.number, form.note, form.unsaved]).toEqual(["PT-1", "", false])
  })

  it("takes in what another saved where nothing was typed", async () => {
    stored = made(1, { name: "李示例" })
    const { session, form } = await opened()
    form.set("phone", "154")
    stored = made(2, { name: "王示例" })
    await session.read()
    await nextTick()
    expect(form.values).toEqual({ name: "王示例", phone: "154" })
    expect([form.saved?.version, form.changed]).toEqual([2, true])
  })

  it("saves anew by itself when another's edit touches other fields", async () => {
    stored = made(1, { name: "李示例" })
    const { form } = await opened()
    form.set("phone", "154")
    const current = made(2, { name: "王示例" })
    server.put.mockRejectedValueOnce(new Problem("case_changed", 409, "", "", { current })).mockImplementationOnce((_path: string, body: { fields: Record<string, unknown> }) => Promise.resolve(stored = made(3, body.fields)))
    await form.save()
    expect(server.put).toHaveBeenLastCalledWith("/sessions/s/case", { fields: { name: "王示例", phone: "154" }, version: 2 })
    expect(form.conflicts).toEqual([])
  })

  it("asks when both changed a field, and saves what was chosen", async () => {
    stored = made(1, { name: "李示例" })
    const { form } = await opened()
    form.set("name", "我写的")
    const current = made(2, { name: "同事写的", phone: "154" })
    server.put.mockRejectedValueOnce(new Problem("case_changed", 409, "", "", { current }))
    await form.save()
    expect(form.conflicts).toEqual([{ name: "name", mine: "我写的", theirs: "同事写的" }])
    server.put.mockImplementationOnce((_path: string, body: { fields: Record<string, unknown> }) => Promise.resolve(stored = made(3, body.fields)))
    await form.resolve(new Set(["name"]))
    expect(server.put).toHaveBeenLastCalledWith("/sessions/s/case", { fields: { name: "我写的", phone: "154" }, version: 2 })
    expect(form.conflicts).toEqual([])
  })

  it("keeps what was typed when the server is not reached", async () => {
    const { form } = await opened()
    form.set("name", "李示例")
    server.put.mockRejectedValueOnce(new Problem("offline", 0, "", ""))
    await expect(form.save()).rejects.toThrow("offline")
    expect([form.values["name"], form.unsaved, form.saving]).toEqual(["李示例", true, false])
  })
})
