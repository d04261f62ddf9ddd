/** JSON answers. They must not be cached, because grants and tickets are secrets of one user. */

export interface AnswerInit {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonAnswer = (body: unknown, { status = 200, headers = {} }: AnswerInit = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
