import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { effectScope } from "vue"
import { usePlayer } from "./usePlayer"

/** As much of a <video> as the player touches. */
class Film {
  currentTime = 0
  playbackRate = 1
  paused = true
  seeking = false
  ended = false
  readyState = 4
  play(): Promise<void> { this.paused = false; return Promise.resolve() }
  pause(): void { this.paused = true }
  element(): HTMLVideoElement { return this as unknown as HTMLVideoElement }
}

const files = [
  { id: "resident", offset_ms: 0, duration_ms: 20_000, gaps: [] },
  { id: "late", offset_ms: 5000, duration_ms: 10_000, gaps: [] },
]

describe("a player of several files", () => {
  const scope = effectScope()
  const resident = new Film()
  const late = new Film()
  let player: ReturnType<typeof usePlayer>

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] })
    const made = scope.run(() => usePlayer(files, 20_000))
    if (!made) throw new Error("scope is over")
    player = made
    Object.assign(resident, new Film())
    Object.assign(late, new Film())
    player.attach("resident", resident.element())
    player.attach("late", late.element())
  })
  afterEach(() => { vi.useRealTimers() })

  it("plays what there is at the moment and starts the rest in its turn", () => {
    player.play()
    expect([resident.paused, late.paused]).toEqual([false, true])
    resident.currentTime = 5.2
    vi.advanceTimersByTime(5200)
    expect(late.paused).toBe(false)
    expect(late.currentTime).toBeLessThanOrEqual(0.3)
  })

  it("sets every file to its own place when sought", () => {
    player.seek(8000)
    expect([resident.currentTime, late.currentTime]).toEqual([8, 3])
    expect(resident.paused).toBe(true)
  })

  it("holds all while one has nothing to show", () => {
    player.seek(6000)
    late.readyState = 1
    player.play()
    expect([player.waiting.value, resident.paused]).toEqual([true, true])
    vi.advanceTimersByTime(3000)
    expect(Math.round(player.position.value)).toBe(6000)
    late.readyState = 4
    vi.advanceTimersByTime(100)
    expect([player.waiting.value, resident.paused, late.paused]).toEqual([false, false, false])
  })

  it("bends the speed of a file that lags, and jumps when it is far off", () => {
    player.play()
    resident.currentTime = 0.85
    vi.advanceTimersByTime(1000)
    expect(resident.playbackRate).toBeGreaterThan(1)
    vi.advanceTimersByTime(2000)
    expect(resident.currentTime).toBeGreaterThan(1.1)
  })

  it("stops at the end and begins anew from there", () => {
    player.seek(19_900)
    player.play()
    vi.advanceTimersByTime(300)
    expect([player.playing.value, player.position.value]).toEqual([false, 20_000])
    player.play()
    expect(player.position.value).toBeLessThan(1000)
  })
})
