/** The dialects that the gateway has for browsers. */
export const GATEWAY_PROTOCOLS = ['presigned', 'chunked', 'multipart', 'fastio', 'form'] as const;
export type GatewayProtocol = (typeof GATEWAY_PROTOCOLS)[number];
