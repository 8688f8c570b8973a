/** `m:ss`, or `h:mm:ss` from an hour on. `seconds`: any number, negative counts as 0. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number): string => String(value).padStart(2, "0")
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** `mm:ss`, as the time line and the recording show it. */
export function stampText(seconds: number): string {
  const text = clockText(seconds)
  return text.length === 4 ? `0${text}` : text
}

/** Whole seconds left until `deadline`, 0 once it has passed; a started second counts. Both in ms of the same clock. */
export function secondsLeft(deadline: number, now: number): number {
  return Math.max(0, Math.ceil((deadline - now) / 1000))
}

/** How much of a lease is left, 1 to 0, for the ring around the countdown. */
export function shareLeft(deadline: number, leaseSeconds: number, now: number): number {
  return leaseSeconds > 0 ? Math.min(1, Math.max(0, (deadline - now) / (leaseSeconds * 1000))) : 0
}
