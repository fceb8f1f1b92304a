/** Values against JSON Schema, without compiling any code: our content policy allows none. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { SDKError, SDKErrorCode } from "../errors.ts";

/**
 * What is wrong with `value` under `schema`, in a line; nothing when it is valid.
 * @throws SDKError `InvalidParameter` for a schema that cannot be read
 */
export function problem(value: unknown, schema: object): string | undefined {
  try {
    const { valid, errors } = new Validator(schema as Schema, "2020-12", false).validate(value);
    if (valid) return undefined;
    // The last one is the innermost: the others say that what holds it is not valid either.
    const { instanceLocation, error } = errors.at(-1) ?? { instanceLocation: "#", error: "It is not valid." };
    return `${instanceLocation}: ${error}`;
  } catch (thrown) {
    throw new SDKError(SDKErrorCode.InvalidParameter, "This schema cannot be read.", String(thrown));
  }
}
