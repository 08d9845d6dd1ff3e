;; An honest reward plugin, in parts that evil ones replace: a completion that begins with `o` scores 1, one with `z` 0.
;;
;; It is a core module in the canonical ABI of sdk/reward/wit/v0.1. A line with `;;@` and a name begins a part. An evil
;; component is a file that replaces some of them and adds others; a line that ends in `;;*` and a number stands that many times.
;; The tests put the text together and add the component-type section.
(module
;;@ imports
  (import "restem:reward/host@0.1.0" "log" (func $log (param i32 i32 i32)))
  (import "restem:reward/host@0.1.0" "panicked" (func $panicked (param i32 i32 i32 i32 i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]session" (func $new_session (param i32) (result i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]checker" (func $new_checker (param i32) (result i32)))
;;@ more imports
;;@ memory
  (memory (export "memory") 34)
;;@ globals
  (global $free (mut i32) (i32.const 0x10000))
;;@ data
  (data (i32.const 0x100) "evil")
  (data (i32.const 0x110) "6.6.6")
  (data (i32.const 0x120) "{\"type\":\"object\"}")
;;@ realloc
  ;; Bump allocation; the space is taken back when a completion is scored.
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
;;@ info
  ;; What it says of itself, in memory from 0 on.
  (func $info
    (i32.store (i32.const 0) (i32.const 0x100)) (i32.store (i32.const 4) (i32.const 4))       ;; name
    (i32.store (i32.const 8) (i32.const 0x110)) (i32.store (i32.const 12) (i32.const 5))      ;; version
    (i32.store8 (i32.const 16) (i32.const 0))                                                 ;; binary
    (f64.store (i32.const 24) (f64.const 0)) (f64.store (i32.const 32) (f64.const 1))         ;; min, max
    (i32.store (i32.const 40) (i32.const 0x120)) (i32.store (i32.const 44) (i32.const 17)))   ;; schema
;;@ lie
  ;; Called when that is said.
  (func $lie)
;;@ describe
  (func (export "restem:reward/scorer@0.1.0#describe") (result i32)
    (call $info) (call $lie) (i32.const 0))
;;@ open
  (func (export "restem:reward/scorer@0.1.0#[static]session.open") (param $config i32) (param $length i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_session (i32.const 1)))
    (i32.const 0))
;;@ prepare
  (func (export "restem:reward/scorer@0.1.0#[method]session.prepare")
    (param $self i32) (param $id i32) (param $id_length i32)
    (param i32 i32 i32) (param i32 i32 i32) (param i32 i32) (result i32)
    (if (i32.eq (i32.load8_u (local.get $id)) (i32.const 33)) (then (return (call $unprepared))))    ;; !
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_checker (i32.const 1)))
    (i32.const 0))
;;@ unprepared
  ;; What becomes of a problem whose id begins with `!`.
  (func $unprepared (result i32) unreachable)
;;@ plain
  ;; A score without answer, note or parts, in memory from 0 on.
  (func $plain (param $value f64) (result i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 48))
    (f64.store (i32.const 8) (local.get $value))
    (i32.const 0))
;;@ deed
  ;; What becomes of a completion that begins with neither `o` nor `z`.
  (func $deed (param $completion i32) (param $length i32) (result i32) unreachable)
;;@ score
  (func (export "restem:reward/scorer@0.1.0#[method]checker.score")
    (param $self i32) (param $completion i32) (param $length i32) (result i32)
    (local $first i32)
    (local.set $first (i32.load8_u (local.get $completion)))
    (global.set $free (i32.const 0x10000))
    (if (i32.eq (local.get $first) (i32.const 111)) (then (return (call $plain (f64.const 1)))))     ;; o
    (if (i32.eq (local.get $first) (i32.const 122)) (then (return (call $plain (f64.const 0)))))     ;; z
    (call $deed (local.get $completion) (local.get $length)))
;;@ end
)
