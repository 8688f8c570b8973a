import { defineStore } from "pinia"
import { computed, ref } from "vue"
import { feed } from "@/server"

/** Whether the server's events reach this page; the browser often knows of a lost network before the socket does. */
export const useLink = defineStore("link", () => {
  const socket = ref(feed.state)
  const network = ref({ gone: !navigator.onLine, since: Date.now() })
  feed.changed.on((state) => { socket.value = state })
  const look = (): void => { network.value = { gone: !navigator.onLine, since: Date.now() } }
  window.addEventListener("offline", look)
  window.addEventListener("online", look)

  const offline = computed(() => network.value.gone || socket.value.status === "offline")
  /** Since when, local ms. */
  const since = computed(() => {
    const times = [...(network.value.gone ? [network.value.since] : []), ...(socket.value.status === "offline" ? [socket.value.since] : [])]
    return times.length > 0 ? Math.min(...times) : null
  })
  return { offline, since, reconnect: () => { feed.reopen() } }
})
