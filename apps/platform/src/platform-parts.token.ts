/** The token under which Nest's providers find all parts. */
export const PLATFORM_PARTS = Symbol('PlatformParts');
