;; A reward plugin that does what its input says, most of it evil. The first byte of a completion picks the deed:
;;
;;   o  scores 1                      z  scores 0
;;   c  scores 1 if this is the first call in its store, else 0
;;   b  burns 200,000 rounds of a loop, then does as c
;;   l  loops for ever                m  grows its memory for ever
;;   r  recurses for ever             e  grows its table for ever
;;   t  traps                         p  panics, telling the host why
;;   n  a reward of NaN               i  a reward of infinity
;;   2  a reward of 2                 h  a reward of 0.5, though it is binary
;;   q  a part that is NaN            g  logs for ever
;;   G  a note of 1 MiB               H  a note of 2 GiB (beyond its memory)
;;   J  a note of nearly 2 MiB        u  a note that is not UTF-8
;;   f  reports a fault of its own
;;
;; A problem whose id begins with `!` traps while it is prepared, one with `?` is reported as malformed.
;; A configuration that begins with `{"bad"` is refused.
;;
;; It is a core module in the canonical ABI of sdk/reward/wit/v0.1; the tests add the component-type section.
(module
  (import "restem:reward/host@0.1.0" "log" (func $log (param i32 i32 i32)))
  (import "restem:reward/host@0.1.0" "panicked" (func $panicked (param i32 i32 i32 i32 i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]session" (func $new_session (param i32) (result i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]checker" (func $new_checker (param i32) (result i32)))

  (memory (export "memory") 34)
  (table $table 1 funcref)
  (global $free (mut i32) (i32.const 0x10000))
  (global $calls (mut i32) (i32.const 0))

  (data (i32.const 0x100) "evil")
  (data (i32.const 0x110) "6.6.6")
  (data (i32.const 0x120) "{\"type\":\"object\"}")
  (data (i32.const 0x140) "`bad` is not a thing")
  (data (i32.const 0x160) "the reference is no number")
  (data (i32.const 0x180) "I can't decide")
  (data (i32.const 0x1a0) "index out of bounds: the len is 0 but the index is 7\1b[31m")
  (data (i32.const 0x200) "src/evil.rs")
  (data (i32.const 0x210) "a\ff\feb")

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

  (func (export "restem:reward/scorer@0.1.0#[static]session.open") (param $config i32) (param $length i32) (result i32)
    (if (i32.and (i32.gt_u (local.get $length) (i32.const 4))
                 (i32.eq (i32.load8_u offset=2 (local.get $config)) (i32.const 98)))
      (then
        (i32.store8 (i32.const 0) (i32.const 1))
        (i32.store (i32.const 4) (i32.const 0x140)) (i32.store (i32.const 8) (i32.const 20))
        (return (i32.const 0))))
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_session (i32.const 1)))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[method]session.prepare")
    (param $self i32) (param $id i32) (param $id_length i32)
    (param i32 i32 i32) (param i32 i32 i32) (param i32 i32) (result i32)
    (local $first i32)
    (local.set $first (i32.load8_u (local.get $id)))
    (if (i32.eq (local.get $first) (i32.const 33)) (then unreachable))
    (if (i32.eq (local.get $first) (i32.const 63))
      (then
        (i32.store8 (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 4) (i32.const 0))
        (i32.store (i32.const 8) (i32.const 0x160)) (i32.store (i32.const 12) (i32.const 26))
        (return (i32.const 0))))
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_checker (i32.const 1)))
    (i32.const 0))

  (func $recurse (param i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get 0) (i32.const 1))) (local.get 0)))

  (func $burn (param $rounds i32)
    (loop $again
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds))))

  ;; A score without answer, note or parts.
  (func $plain (param $value f64) (result i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 48))
    (f64.store (i32.const 8) (local.get $value))
    (i32.const 0))

  (func $with_note (param $note i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (i32.store8 (i32.const 28) (i32.const 1))
    (i32.store (i32.const 32) (local.get $note)) (i32.store (i32.const 36) (local.get $length))
    (i32.const 0))

  (func $is_first (result f64)
    (select (f64.const 1) (f64.const 0) (i32.eq (global.get $calls) (i32.const 1))))

  (func (export "restem:reward/scorer@0.1.0#[method]checker.score")
    (param $self i32) (param $completion i32) (param $length i32) (result i32)
    (local $deed i32)
    (local.set $deed (i32.load8_u (local.get $completion)))
    (global.set $free (i32.const 0x10000))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (i32.eq (local.get $deed) (i32.const 111)) (then (return (call $plain (f64.const 1)))))    ;; o
    (if (i32.eq (local.get $deed) (i32.const 122)) (then (return (call $plain (f64.const 0)))))    ;; z
    (if (i32.eq (local.get $deed) (i32.const 99)) (then (return (call $plain (call $is_first)))))  ;; c
    (if (i32.eq (local.get $deed) (i32.const 98))                                                  ;; b
      (then (call $burn (i32.const 200000)) (return (call $plain (call $is_first)))))
    (if (i32.eq (local.get $deed) (i32.const 108)) (then (loop $for_ever (br $for_ever))))         ;; l
    (if (i32.eq (local.get $deed) (i32.const 109))                                                 ;; m
      (then (loop $for_ever (drop (memory.grow (i32.const 16))) (br $for_ever))))
    (if (i32.eq (local.get $deed) (i32.const 114)) (then (drop (call $recurse (i32.const 0)))))    ;; r
    (if (i32.eq (local.get $deed) (i32.const 101))                                                 ;; e
      (then (loop $for_ever (drop (table.grow $table (ref.null func) (i32.const 100))) (br $for_ever))))
    (if (i32.eq (local.get $deed) (i32.const 116)) (then unreachable))                             ;; t
    (if (i32.eq (local.get $deed) (i32.const 112))                                                 ;; p
      (then
        (call $panicked (i32.const 0x1a0) (i32.const 57) (i32.const 0x200) (i32.const 11) (i32.const 42))
        unreachable))
    (if (i32.eq (local.get $deed) (i32.const 110)) (then (return (call $plain (f64.const nan)))))  ;; n
    (if (i32.eq (local.get $deed) (i32.const 105)) (then (return (call $plain (f64.const inf)))))  ;; i
    (if (i32.eq (local.get $deed) (i32.const 50)) (then (return (call $plain (f64.const 2)))))     ;; 2
    (if (i32.eq (local.get $deed) (i32.const 104)) (then (return (call $plain (f64.const 0.5)))))  ;; h
    (if (i32.eq (local.get $deed) (i32.const 113))                                                 ;; q
      (then
        (drop (call $plain (f64.const 1)))
        (i32.store (i32.const 40) (i32.const 0x80)) (i32.store (i32.const 44) (i32.const 1))
        (i32.store (i32.const 0x80) (i32.const 0x100)) (i32.store (i32.const 0x84) (i32.const 4))
        (f64.store (i32.const 0x88) (f64.const nan))
        (return (i32.const 0))))
    (if (i32.eq (local.get $deed) (i32.const 103))                                                 ;; g
      (then (loop $for_ever (call $log (i32.const 3) (i32.const 0x10000) (i32.const 4096)) (br $for_ever))))
    (if (i32.eq (local.get $deed) (i32.const 71))                                                  ;; G
      (then (return (call $with_note (i32.const 0x20000) (i32.const 0x100000)))))
    (if (i32.eq (local.get $deed) (i32.const 72))                                                  ;; H
      (then (return (call $with_note (i32.const 0x20000) (i32.const 0x7fffffff)))))
    (if (i32.eq (local.get $deed) (i32.const 74))                                                  ;; J
      (then (return (call $with_note (i32.const 0x20000) (i32.const 0x1f0000)))))
    (if (i32.eq (local.get $deed) (i32.const 117))                                                 ;; u
      (then (return (call $with_note (i32.const 0x210) (i32.const 4)))))
    (i32.store8 (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 8) (i32.const 1))              ;; f
    (i32.store (i32.const 12) (i32.const 0x180)) (i32.store (i32.const 16) (i32.const 14))
    (i32.const 0))
)
