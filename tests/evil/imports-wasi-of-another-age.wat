;; Imports WASI of a version that does not exist.
(component
  (import "wasi:filesystem/preopens@9.9.9" (instance))
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
