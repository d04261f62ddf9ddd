/** A bucket in memory that speaks S3's XML to the gateway. Parts are put into it by the test, as a page puts them by URL. */

interface Session {
  readonly key: string;
  readonly headers: Headers;
  readonly parts: Map<number, string>;
}

interface StoredObject {
  readonly headers: Headers;
  readonly bytes: string;
}

const xml = (status: number, body: string): Response => new Response(body, { status });

const refusal = (status: number, code: string): Response => xml(status, `<Error><Code>${code}</Code></Error>`);

export class ScriptedBucket {
  readonly objects = new Map<string, StoredObject>();
  readonly sessions = new Map<string, Session>();
  /** The next answer to a completion is lost, though the object is made. */
  losesNextCompletion = false;
  #opened = 0;

  /** The only session's. */
  putPart(number: number, bytes: string): void {
    const [session] = this.sessions.values();
    session?.parts.set(number, bytes);
  }

  readonly fetch = async (text: string, init: RequestInit): Promise<Response> => {
    const url = new URL(text);
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const headers = new Headers(init.headers);
    const id = url.searchParams.get('uploadId') ?? '';
    const session = this.sessions.get(id);
    if (url.searchParams.has('uploads')) return this.#open(key, headers);
    if (id !== '' && session === undefined) return refusal(404, 'NoSuchUpload');
    if (session !== undefined && init.method === 'GET') return this.#list(session);
    if (session !== undefined && init.method === 'POST') return this.#complete(id, session);
    if (session !== undefined && init.method === 'DELETE') return this.#end(id);
    return init.method === 'DELETE' ? this.#remove(key) : this.#head(key);
  };

  #open(key: string, headers: Headers): Response {
    this.#opened += 1;
    const id = `upload-${this.#opened}`;
    this.sessions.set(id, { key, headers, parts: new Map() });
    return xml(200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
  }

  #list({ parts }: Session): Response {
    const listed = [...parts].map(
      ([number, bytes]) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>&quot;e${number}&quot;</ETag><Size>${bytes.length}</Size></Part>`,
    );
    return xml(200, `<ListPartsResult>${listed.join('')}<IsTruncated>false</IsTruncated></ListPartsResult>`);
  }

  #complete(id: string, { key, headers, parts }: Session): Response {
    const bytes = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    this.objects.set(key, { headers, bytes: bytes.join('') });
    this.sessions.delete(id);
    if (!this.losesNextCompletion) return xml(200, '<CompleteMultipartUploadResult/>');
    this.losesNextCompletion = false;
    throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
  }

  #end(id: string): Response {
    this.sessions.delete(id);
    return new Response(null, { status: 204 });
  }

  #remove(key: string): Response {
    this.objects.delete(key);
    return new Response(null, { status: 204 });
  }

  #head(key: string): Response {
    const object = this.objects.get(key);
    if (object === undefined) return new Response(null, { status: 404 });
    const headers = new Headers({ 'content-length': String(object.bytes.length) });
    for (const name of ['content-type', 'x-amz-meta-upload']) headers.set(name, object.headers.get(name) ?? '');
    return new Response(null, { headers });
  }
}
