import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { conversionLine, TORCH_OF_NUMPY } from '#formats/shared/conversion-line.js';
import { elementRefusal } from '#formats/shared/element-refusal.js';
import { sharedFolder, writeFile } from '../support/run-folder.js';

const root = sharedFolder();

function hasNumpy(): boolean {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a line as it would be pasted; `before` makes the file that it converts. */
function python(line: string, before: string, after: string): string {
  return execFileSync('python3', ['-c', `${before}\nexec(${JSON.stringify(line)}, {})\n${after}`], {
    cwd: root,
    encoding: 'utf8',
    input: '3\n',
    env: { ...process.env, PYTHONPATH: join(root, 'modules') },
  }).trim();
}

/** What stands in for packages that are not installed: the part of each that the lines use, and as strict. */
const MODULES = {
  'torch.py': `
import pickle, numpy as np
class Tensor:
    def __init__(self, a, grad=False, bf16=False): self.a, self.grad, self.bf16 = np.asarray(a), grad, bf16
    def detach(self): return Tensor(self.a, False, self.bf16)
    def float(self): return Tensor(self.a.astype('f4'), self.grad)
    def cpu(self): return self
    def to_dense(self): return self
    def dequantize(self): return self
    def resolve_neg(self): return self
    def __array__(self, dtype=None, copy=None):
        if self.grad: raise RuntimeError("Can't call numpy() on Tensor that requires grad")
        if self.bf16: raise TypeError("Got unsupported ScalarType BFloat16")
        return self.a.astype(dtype or self.a.dtype)
class serialization:
    @staticmethod
    def add_safe_globals(allowed):
        for x in allowed: assert x if not isinstance(x, tuple) else callable(x[0]) and x[1]
def save(x, path): pickle.dump(x, open(path, 'wb'))
def load(path, map_location, weights_only): return pickle.load(open(path, 'rb'))
`,
  'pandas.py': `
import numpy as np
class DataFrame:
    def __init__(self, a): self.a = a
    def __array__(self, dtype=None, copy=None): return np.asarray(self.a, dtype)
`,
  'h5py.py': `
import pickle
class File(dict):
    def __init__(self, path, mode): super().__init__(pickle.load(open(path, 'rb')))
`,
  'joblib.py': `
import pickle
def load(path): return pickle.load(open(path, 'rb'))
`,
  'scipy/__init__.py': '',
  'scipy/io.py': `
import pickle
def loadmat(path): return pickle.load(open(path, 'rb'))
`,
};

const MAKE =
  'import numpy as np, torch, pandas, pickle, json, gzip; A = np.arange(6, dtype="f4").reshape(2, 3)';

describe.skipIf(!hasNumpy())('advice works as it is pasted (python3 with numpy)', () => {
  beforeAll(() => {
    for (const [name, text] of Object.entries(MODULES)) writeFile(root, `modules/${name}`, text);
  });

  test.each([
    ['p.pt', 'torch.save(torch.Tensor(A), "p.pt")'],
    ['p.pt', 'torch.save(torch.Tensor(A, grad=True), "p.pt")'],
    ['p.pth', 'torch.save({"target": A * 0, "prediction": torch.Tensor(A, bf16=True, grad=True)}, "p.pth")'],
    ['p.pkl', 'pickle.dump(A, open("p.pkl", "wb"))'],
    ['p.pkl', 'pickle.dump({"x": torch.Tensor(A, grad=True)}, open("p.pkl", "wb"))'],
    ['p.pkl', 'pickle.dump(pandas.DataFrame(A), open("p.pkl", "wb"))'],
    ['p.pkl', 'pickle.dump(A.tolist(), open("p.pkl", "wb"))'],
    ['p.joblib', 'pickle.dump(A, open("p.joblib", "wb"))'],
    ['p.h5', 'pickle.dump({"prediction": A, "other": A * 0}, open("p.h5", "wb"))'],
    ['p.mat', 'pickle.dump({"__header__": b"", "emb": A}, open("p.mat", "wb"))'],
    ['p.json', 'json.dump(A.tolist(), open("p.json", "w"))'],
    ['p.json', 'json.dump({"prediction": A.tolist()}, open("p.json", "w"))'],
    ['p.jsonl', 'open("p.jsonl", "w").write("\\n".join(json.dumps(r) for r in A.tolist()))'],
    ['p.csv', 'open("p.csv", "w").write("a,b,c\\n0,1,2\\n3,4,5\\n")'],
    ['p.tsv', 'open("p.tsv", "w").write("0\\t1\\t2\\n3\\t4\\t5\\n")'],
    ['p.txt', 'np.savetxt("p.txt", A)'],
    ['p.npy.gz', 'np.save(gzip.open("p.npy.gz", "wb"), A)'],
    ['p.bin', 'A.tofile("p.bin")'],
    ['p.memmap', 'A.tofile("p.memmap")'],
  ])('%s: %s', (name, make) => {
    const line = conversionLine(name, 'prediction')!;
    expect(python(line, `${MAKE}; ${make}`, 'import numpy as np; print(np.load("p.npy").tolist())')).toMatch(
      /\[\[0\.0, 1\.0, 2\.0\], \[3\.0, 4\.0, 5\.0\]\]$/,
    );
  });

  test('what holds several arrays becomes an archive of them', () => {
    const line = conversionLine('step_5.pt', null)!;
    const make = 'torch.save({"prediction": torch.Tensor(A, grad=True), "target": A}, "step_5.pt")';
    const after = 'import numpy as np; z = np.load("step_5.npz"); print(sorted(z), z["prediction"].tolist())';
    expect(python(line, `${MAKE}; ${make}`, after)).toBe(
      "['prediction', 'target'] [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]",
    );
  });

  test.each([
    ['objects', 'A.astype(object)'],
    ['objects that are rows', 'np.array([*A, None], dtype=object)[:2]'],
    ['a list of arrays', 'list(A)'],
    ['long doubles', 'A.astype("longdouble")'],
  ])('a file of torch.save with arrays of NumPy: %s', (_, value) => {
    const line = conversionLine('n.pt', null, TORCH_OF_NUMPY)!;
    const make = `torch.save({"prediction": ${value}, "target": torch.Tensor(A), "loss": 0.5, "names": np.array(["a", "b"], dtype=object), "when": np.array(["a"]), "note": "x"}, "n.pt")`;
    const after = 'import numpy as np; z = np.load("n.npz"); print(sorted(z), z["prediction"].tolist())';
    expect(python(line, `${MAKE}; ${make}`, after)).toBe(
      "['loss', 'prediction', 'target'] [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]",
    );
  });

  test.each([
    ['a dict', '|O', [], 'np.array({"prediction": A, "b": 0}, dtype=object)'],
    ['a dict of tensors', '|O', [], 'np.array({"x": torch.Tensor(A, grad=True)}, dtype=object)'],
    ['a data frame', '|O', [], 'np.array({"x": pandas.DataFrame(A)}, dtype=object)'],
    ['a column of rows', '|O', [2], 'np.array([A[0], A[1], None], dtype=object)[:2]'],
    ['a table of mixed columns', '|O', [2, 3], 'A.astype(object)'],
    ['complex numbers', '<c8', [2, 3], 'A.astype("c8")'],
    ['long doubles', '<f16', [2, 3], 'A.astype("longdouble")'],
    ['records', 'structured', [2], 'np.array([(r,) for r in A], dtype=[("x", "f4", 3)])'],
  ])('%s in an .npy file, and in an archive', (_, dtype, shape, value) => {
    for (const key of [null, 'prediction']) {
      const path = key === null ? "it's.npy" : 'z.npz';
      const { hint } = elementRefusal(dtype, shape, { path, key });
      const line = /`(import numpy.*)`/.exec(hint)![1]!;
      const make =
        key === null
          ? `np.save(${JSON.stringify(path)}, ${value})`
          : `np.savez("z.npz", prediction=${value}, ids=[1])`;
      const read = `np.load(${JSON.stringify(path)})${key === null ? '' : '["prediction"]'}`;
      expect(
        python(line, `${MAKE}; ${make}`, `import numpy as np; print(${read}[:, :3].astype("f4").tolist())`),
      ).toBe('[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]');
    }
  });
});
