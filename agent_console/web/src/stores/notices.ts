import type { Problem } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { ref } from "vue"
import { t } from "@/messages"

export interface Notice { id: number; kind: "info" | "bad"; text: string }

const SHOWN_MS = 8000

/** Short words about what just happened, in a corner, and what screen readers are told. */
export const useNotices = defineStore("notices", () => {
  const notices = ref<Notice[]>([])
  /** The two live regions: read when there is time, and read at once. */
  const polite = ref("")
  const assertive = ref("")
  let last = 0

  function show(kind: Notice["kind"], text: string): void {
    const id = ++last
    notices.value = [...notices.value.filter((notice) => notice.text !== text), { id, kind, text }]
    setTimeout(() => { dismiss(id) }, SHOWN_MS)
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  return {
    notices,
    polite,
    assertive,
    dismiss,
    info: (text: string) => { show("info", text) },
    problem: (problem: Problem) => { show("bad", problemText(problem)) },
    say: (text: string) => { polite.value = text },
    alert: (text: string) => { assertive.value = text },
  }
})

/** A problem in the agent's words: the server's, which are in their language, or ours when it was not reached. */
export function problemText(problem: Problem): string {
  return problem.offline ? t("error.offline") : problem.detail || problem.title || t("error.any", { id: problem.code })
}
