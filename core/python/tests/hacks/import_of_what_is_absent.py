# expect: exception ModuleNotFoundError 2
import torch
