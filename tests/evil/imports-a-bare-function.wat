;; Imports a function of the root namespace, as an embedder's own might be.
(component
  (import "system" (func (param "command" string)))
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
