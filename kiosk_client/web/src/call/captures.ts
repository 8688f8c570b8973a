import { newKey, Problem } from "@virtual-window/signaling"
import { onScopeDispose, shallowReactive } from "vue"
import { captureFrame } from "../devices/frame"
import type { Devices } from "../devices/devices"
import type { Call } from "./call"

/** A page taken here that the server does not have yet. */
export interface PendingPage { key: string; url: string; file: Blob; code: string | null; page: number; waiting: boolean }

const AGAIN_MS = 3_000

/** Takes pages with the page's camera and sends them; what the network does not take is kept and sent when it is back. */
export function useCaptures(call: Call, devices: Devices) {
  const state = shallowReactive<{ taking: boolean; pending: PendingPage[] }>({ taking: false, pending: [] })
  let timer: ReturnType<typeof setTimeout> | undefined

  async function capture(code: string | null, page: number): Promise<void> {
    const track = devices.state.video
    if (state.taking || !track) return
    state.taking = true
    try {
      const file = await captureFrame(track)
      const pending: PendingPage = { key: newKey(), url: URL.createObjectURL(file), file, code, page, waiting: false }
      state.pending = [...state.pending, pending]
      await send(pending)
    } finally {
      state.taking = false
    }
  }

  async function send(pending: PendingPage): Promise<void> {
    try {
      await call.upload(pending.file, pending.code, pending.page)
      drop(pending)
    } catch (error) {
      const passing = error instanceof Problem && (error.offline || error.status >= 500)
      if (!passing) {
        drop(pending)
        throw error
      }
      state.pending = state.pending.map((one) => (one.key === pending.key ? { ...one, waiting: true } : one))
      clearTimeout(timer)
      timer = setTimeout(() => { void sendAll() }, AGAIN_MS)
    }
  }

  async function sendAll(): Promise<void> {
    for (const one of state.pending.filter((page) => page.waiting)) await send(one)
  }

  function drop(pending: PendingPage): void {
    URL.revokeObjectURL(pending.url)
    state.pending = state.pending.filter((one) => one.key !== pending.key)
  }

  onScopeDispose(() => {
    clearTimeout(timer)
    for (const one of state.pending) URL.revokeObjectURL(one.url)
  })
  return { state, capture }
}
