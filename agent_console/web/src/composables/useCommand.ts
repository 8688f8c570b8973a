import { Problem } from "@virtual-window/signaling"
import { ref, type Ref } from "vue"
import { useNotices } from "@/stores/notices"

export interface Command {
  busy: Ref<boolean>
  /** Do it unless it is being done; true once done. A problem is told to the agent, not thrown. */
  run: (act: () => Promise<unknown>) => Promise<boolean>
}

export function useCommand(): Command {
  const busy = ref(false)
  const notices = useNotices()

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await act()
      return true
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.status !== 401) notices.problem(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, run }
}
