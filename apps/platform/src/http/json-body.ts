/** How the bodies of requests are read. What is not of these types is refused before. */
export function jsonBodyOptions(bodyBytesMax: number) {
  return { limit: bodyBytesMax, strict: true, type: ['application/json', 'application/*+json'] };
}
