/** The dialects that this gateway can speak to the browser. */
export const GATEWAY_PROTOCOLS = ['presigned', 'chunked', 'multipart', 'fastio', 'form'] as const;
export type GatewayProtocol = (typeof GATEWAY_PROTOCOLS)[number];
