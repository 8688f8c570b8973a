import { defineStore } from "pinia"
import { ref } from "vue"
import { feed } from "@/server"

/** Whether the server's events reach this page. */
export const useLink = defineStore("link", () => {
  const status = ref(feed.state.status)
  const since = ref(feed.state.since)
  feed.changed.on((state) => {
    status.value = state.status
    since.value = state.since
  })
  return { status, since, reconnect: () => { feed.reopen() } }
})
