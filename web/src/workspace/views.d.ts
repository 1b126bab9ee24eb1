/** The views that the build found: `view` of each `web/src/views/<id>/view.ts`, by id. */
declare module 'weft:views' {
  export const views: readonly import('../app/view.ts').View[];
}
