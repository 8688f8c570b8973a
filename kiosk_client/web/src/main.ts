import { createApp } from "vue"
import App from "./App.vue"
import { createKiosk, KIOSK } from "./flow/kiosk"
import "./styles/tokens.css"
import "./styles/base.css"
import { i18n } from "./text"

const kiosk = createKiosk(new URLSearchParams(location.search).get("place"))
createApp(App).use(i18n).provide(KIOSK, kiosk).mount("#app")
void kiosk.load()
