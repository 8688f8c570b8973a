import { onScopeDispose, ref, watch } from "vue"
import { clockText } from "@/domain/duration"
import { t } from "@/messages"
import { useCatalogue } from "@/stores/catalogue"
import { useDesk } from "@/stores/desk"
import { useNotices } from "@/stores/notices"
import { usePreferences } from "@/stores/preferences"
import { ring, soundLocked, unlockSound } from "./sound"
import { useCountdown } from "./useCountdown"

const EVERY_MS = 2000

/** Ask for desktop notifications; from a click, once. */
export async function allowNotifications(): Promise<void> {
  if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission()
}

function notify(title: string, body: string): Notification | null {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return null
  const shown = new Notification(title, { body, tag: "offer", icon: "/console/mark.svg" })
  shown.onclick = () => { window.focus() }
  return shown
}

/** An offer is heard, seen on the desktop and in the title of the page, and told to screen readers. */
export function useRing() {
  const desk = useDesk()
  const catalogue = useCatalogue()
  const notices = useNotices()
  const preferences = usePreferences()
  const left = useCountdown(() => desk.offer?.deadline_at)
  /** The ring cannot be heard until somebody clicks. */
  const blocked = ref(false)
  let timer: ReturnType<typeof setInterval> | undefined
  let shown: Notification | null = null

  function strike(): void {
    blocked.value = soundLocked()
    ring(preferences.volume)
  }

  function stop(): void {
    clearInterval(timer)
    shown?.close()
    shown = null
  }

  watch(() => desk.offer?.id, () => {
    stop()
    const offer = desk.offer
    if (!offer) return
    const words = t("offer.title", { ticket: offer.ticket.number, item: catalogue.itemName(offer.ticket.item_code) })
    notices.alert(words)
    shown = notify(words, t("offer.notification"))
    strike()
    timer = setInterval(strike, EVERY_MS)
  }, { immediate: true })

  watch([left, () => desk.offer?.ticket.number, () => preferences.language], ([seconds, ticket]) => {
    document.title = ticket && seconds !== null ? t("offer.documentTitle", { time: clockText(seconds), ticket }) : t("app.name")
  }, { immediate: true })

  watch(() => desk.mode, (mode) => { if (mode === "idle") blocked.value = soundLocked() }, { immediate: true })
  // Any key or click will do; the bar is for a page that nobody has touched yet.
  async function touched(): Promise<void> {
    await unlockSound()
    blocked.value = soundLocked()
  }
  // Not pointerdown: the bar that asks for it goes away, and what is pressed would move from under the finger.
  const touches = ["click", "keydown"] as const
  for (const touch of touches) window.addEventListener(touch, touched, { once: true })
  onScopeDispose(() => {
    stop()
    for (const touch of touches) window.removeEventListener(touch, touched)
  })

  async function unblock(): Promise<void> {
    await unlockSound()
    blocked.value = soundLocked()
    ring(preferences.volume)
  }

  return { blocked, unblock }
}
