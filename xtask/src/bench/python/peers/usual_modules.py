"""What the sandbox's snapshot has imported, as far as this interpreter has it; so that programs find it imported here too."""

import abc, array, base64, bisect, calendar, cmath, collections, collections.abc, concurrent.futures.thread, contextlib, copy
import dataclasses, datetime, decimal, enum, fractions, functools, hashlib, heapq, inspect, io, itertools, json, keyword
import linecache, locale, logging, marshal, math, numbers, operator, pickle, pprint, queue, random, re, secrets, statistics
import string, struct, textwrap, threading, time, timeit, tokenize, traceback, types, typing, unicodedata, uuid, warnings
import weakref, zlib
