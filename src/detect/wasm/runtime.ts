/** The parts of the WebAssembly interface that are used; the compiler's library for servers does not name them. */
export interface WasmRuntime {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** WebAssembly of this process. Throws `Error` when there is none (a hardened Node). */
export function findWasmRuntime(): WasmRuntime {
  const { WebAssembly: runtime } = globalThis as unknown as { readonly WebAssembly?: WasmRuntime };
  if (runtime === undefined) throw new Error('this process has no WebAssembly');
  return runtime;
}
