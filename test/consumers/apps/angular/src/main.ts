import { Component, CUSTOM_ELEMENTS_SCHEMA, type ElementRef, signal, viewChild } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import 'fastio-upload/define';
import type { FastioUpload, FastioUploadEventMap } from 'fastio-upload';

@Component({
  selector: 'app-root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <fastio-upload
      #upload
      endpoint="/api/uploads"
      [maxFiles]="3"
      [headers]="headers"
      (upload-complete)="complete($event)"
    ></fastio-upload>
    <output id="stored">{{ fileId() }}</output>
  `,
})
class App {
  readonly upload = viewChild.required<ElementRef<FastioUpload>>('upload');
  readonly fileId = signal('');
  readonly headers = async () => ({ 'X-Tenant': 'ada' });

  complete(event: FastioUploadEventMap['upload-complete']): void {
    this.fileId.set(event.detail.fileId);
  }

  summarize(): void {
    this.upload().nativeElement.list = 'summary';
    // @ts-expect-error no such list
    this.upload().nativeElement.list = 'some';
  }
}

bootstrapApplication(App).catch((error: unknown) => console.error(error));
