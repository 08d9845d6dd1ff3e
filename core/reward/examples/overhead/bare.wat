;; The least that a reward plugin can be: every completion scores 1. What a task of it costs is the host's own work.
;;
;; A core module in the canonical ABI of sdk/reward/wit/v0.1; the benchmark adds the component-type section.
(module
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]session" (func $new_session (param i32) (result i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]checker" (func $new_checker (param i32) (result i32)))
  (memory (export "memory") 2)
  (global $free (mut i32) (i32.const 0x1000))
  (data (i32.const 0x100) "bare")
  (data (i32.const 0x110) "1.0.0")
  (data (i32.const 0x120) "{\"type\":\"object\"}")

  ;; Bump allocation; the space is taken back after each scored completion.
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func (export "restem:reward/scorer@0.1.0#describe") (result i32)
    (i32.store (i32.const 0) (i32.const 0x100)) (i32.store (i32.const 4) (i32.const 4))
    (i32.store (i32.const 8) (i32.const 0x110)) (i32.store (i32.const 12) (i32.const 5))
    (i32.store8 (i32.const 16) (i32.const 0))
    (f64.store (i32.const 24) (f64.const 0)) (f64.store (i32.const 32) (f64.const 1))
    (i32.store (i32.const 40) (i32.const 0x120)) (i32.store (i32.const 44) (i32.const 17))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[static]session.open") (param i32 i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_session (i32.const 1)))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[method]session.prepare")
    (param $self i32) (param i32 i32) (param i32 i32 i32) (param i32 i32 i32) (param i32 i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_checker (i32.const 1)))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[method]checker.score")
    (param $self i32) (param $completion i32) (param $length i32) (result i32)
    (global.set $free (i32.const 0x1000))
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 48))
    (f64.store (i32.const 8) (f64.const 1))
    (i32.const 0)))
