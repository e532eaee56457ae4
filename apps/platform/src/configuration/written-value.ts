/** A value that somebody wrote for a setting, before it is validated. */
export interface WrittenValue {
  /** The setting's property. */
  readonly property: string;
  readonly value: unknown;
  /** As it is written: `platform.http.port`, or `CORRAL_PLATFORM_HTTP_PORT`. */
  readonly key: string;
  /** The file and line, or `environment`. */
  readonly place: string;
}
