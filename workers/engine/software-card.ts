/** Names of processors that play graphics card. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|warp/i;

/** Whether a WebGPU adapter with this `info` is no card, but a processor in its place. */
export const isSoftware = ({
  architecture,
  isFallbackAdapter = false,
}: {
  architecture: string;
  isFallbackAdapter?: boolean;
}): boolean => isFallbackAdapter || SOFTWARE.test(architecture);
