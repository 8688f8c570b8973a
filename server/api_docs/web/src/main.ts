import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js"
import "swagger-ui-dist/swagger-ui.css"
import "./page.css"

SwaggerUI({
  url: "/openapi.json",
  dom_id: "#operations",
  validatorUrl: null,
  deepLinking: true,
  filter: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  persistAuthorization: false,
})
