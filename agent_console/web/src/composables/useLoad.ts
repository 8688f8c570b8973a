import { Problem } from "@virtual-window/signaling"
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue"
import { useDelayed } from "./useDelayed"

export interface Load<T> {
  data: ShallowRef<T | null>
  problem: ShallowRef<Problem | null>
  loading: Ref<boolean>
  /** Loading for so long that a skeleton helps. */
  skeleton: Readonly<Ref<boolean>>
  load: () => Promise<void>
}

/** What a panel shows: its data, that it is loading, or what went wrong; of overlapping loads the last one counts. */
export function useLoad<T>(fetchIt: (signal: AbortSignal) => Promise<T>): Load<T> {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  let running: AbortController | null = null

  async function load(): Promise<void> {
    running?.abort()
    const turn = new AbortController()
    running = turn
    loading.value = true
    try {
      const answer = await fetchIt(turn.signal)
      if (turn.signal.aborted) return
      data.value = answer
      problem.value = null
    } catch (error) {
      if (turn.signal.aborted) return
      if (!(error instanceof Problem)) throw error
      problem.value = error
    } finally {
      if (running === turn) loading.value = false
    }
  }

  onScopeDispose(() => { running?.abort() })
  return { data, problem, loading, skeleton: useDelayed(loading), load }
}
