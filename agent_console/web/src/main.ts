import { createPinia } from "pinia"
import { createApp } from "vue"
import App from "./App.vue"
import { i18n } from "./messages"
import { router } from "./router"
import "./styles/tokens.css"
import "./styles/base.css"
import "./styles/element.css"

createApp(App).use(createPinia()).use(i18n).use(router).mount("#app")
