declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  /** https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
  interface Options {
    url: string
    dom_id: string
    /** Who is asked whether the document is valid; null: nobody. */
    validatorUrl: string | null
    deepLinking: boolean
    filter: boolean
    displayRequestDuration: boolean
    defaultModelsExpandDepth: number
    docExpansion: "list" | "full" | "none"
    /** Whether tokens are kept in the browser's storage. */
    persistAuthorization: boolean
  }
  export default function SwaggerUI(options: Options): unknown
}
