"""A headless Chromium, driven by its own protocol through a pipe: no driver, no network, no library.

    with Browser(chromium, width, height, dark) as page:
        page.open(path); page.run('1 + 1'); page.click(x, y); page.key('a'); page.shot('x.png')

https://chromedevtools.github.io/devtools-protocol/; with --remote-debugging-pipe, messages are JSON that ends with a
zero byte, read from descriptor 3 and written to descriptor 4."""
import base64, json, os, select, shutil, subprocess, tempfile, time

class Browser:
    def __init__(self, program, width=1280, height=800, dark=False, deadline=60):
        self.deadline = deadline
        self.home = tempfile.mkdtemp()
        theirs_in, self.out = os.pipe()
        self.into, theirs_out = os.pipe()
        def arrange():
            os.dup2(theirs_in, 13), os.dup2(theirs_out, 14)
            os.dup2(13, 3), os.dup2(14, 4)
        args = [program, '--headless', '--disable-gpu', '--no-first-run', '--disable-extensions', '--disable-dev-shm-usage',
            f'--user-data-dir={self.home}', f'--window-size={width},{height}', '--remote-debugging-pipe', 'about:blank']
        if os.getuid() == 0:
            args.insert(1, '--no-sandbox')  # root has none
        self.process = subprocess.Popen(args, preexec_fn=arrange, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, 'HOME': self.home})
        os.close(theirs_in), os.close(theirs_out)
        self.buffer, self.number, self.session, self.said = b'', 0, None, []
        target = [t for t in self.call('Target.getTargets')['targetInfos'] if t['type'] == 'page'][0]
        self.session = self.call('Target.attachToTarget', targetId=target['targetId'], flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Network', 'Log'):
            self.call(domain + '.enable')
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self):
        end = time.monotonic() + self.deadline
        while b'\0' not in self.buffer:
            if not select.select([self.into], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError('the browser does not answer')
            part = os.read(self.into, 1 << 16)
            if not part:
                raise EOFError('the browser has ended')
            self.buffer += part
        text, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(text)

    def call(self, method, **params):
        self.number += 1
        request = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            request['sessionId'] = self.session
        os.write(self.out, json.dumps(request).encode() + b'\0')
        while True:
            answer = self.message()
            if answer.get('id') == self.number:
                if 'error' in answer:
                    raise RuntimeError(f'{method}: {answer["error"]}')
                return answer['result']
            self.said.append(answer)

    def events(self, method):
        return [each['params'] for each in self.said if each.get('method') == method]

    def run(self, script):
        """The value of an expression in the page."""
        answer = self.call('Runtime.evaluate', expression=script, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in answer:
            raise RuntimeError(f'{script}: {answer["exceptionDetails"]}')
        return answer['result'].get('value')

    def until(self, script):
        end = time.monotonic() + self.deadline
        while not (value := self.run(script)):
            if time.monotonic() > end:
                raise TimeoutError(f'never true: {script}')
            self.run('new Promise(requestAnimationFrame)')
        return value

    def open(self, path, hash=''):
        self.call('Page.navigate', url='about:blank')
        self.call('Page.navigate', url='file://' + os.path.abspath(path) + hash)
        self.until('document.documentElement && (document.documentElement.dataset.ready || document.documentElement.dataset.failed)')

    def click(self, x, y):
        for kind in ('mousePressed', 'mouseReleased'):
            self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, button='left', clickCount=1)
        self.settle()

    def move(self, x, y):
        self.call('Input.dispatchMouseEvent', type='mouseMoved', x=x, y=y)
        self.settle()

    def key(self, key):
        text = {'text': key} if len(key) == 1 else {}
        self.call('Input.dispatchKeyEvent', type='keyDown', key=key, **text)
        self.call('Input.dispatchKeyEvent', type='keyUp', key=key)
        self.settle()

    def settle(self):
        self.run('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')

    def shot(self, path):
        open(path, 'wb').write(base64.b64decode(self.call('Page.captureScreenshot', format='png')['data']))
