"""Whether memory stays the same: delivered again and again in one process, and nothing else."""

from benchmarks import processor
from benchmarks.steps import pipeline
from messaging.models import WhatsAppNumber


def run(num: int, rounds: int) -> dict[str, float]:
    """After the pipeline's step, which has left its school and its number."""
    number, memory = WhatsAppNumber.objects.get(), []
    for _ in range(rounds):
        pipeline.deliver(number, num)
        memory.append(processor.memory_mb())
    return {"memory_mb": memory[-1], "memory_growth_mb": memory[-1] - memory[0]}
