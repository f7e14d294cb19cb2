using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;

namespace Pm.Cli.Ebpf;

/// <summary>Shows what programs write that walk over something the kernel has many of: text as it is, records as events.</summary>
/// <param name="context">The world.</param>
/// <param name="from">What runs.</param>
/// <param name="spec">What it says of itself.</param>
/// <param name="choices">What was said of types beside it.</param>
/// <param name="style">How it looks.</param>
/// <param name="mayReadOn">Asked for each piece.</param>
sealed class IteratorOutput(PmContext context, IObjectMaps from, BpfSpec spec, IReadOnlyDictionary<string, string> choices, EventStyle style, Func<bool> mayReadOn)
{
    /// <param name="programs">Their names.</param>
    /// <param name="read">Reads what one writes, until it is told that it is enough.</param>
    /// <exception cref="BpfException">PM8040, PM8058: it cannot be read.</exception>
    public void Write(IReadOnlyList<string> programs, Action<string, Func<ReadOnlySpan<byte>, bool>> read)
    {
        foreach (var program in programs.TakeWhile(_ => mayReadOn()))
        {
            if (spec.Records.TryGetValue(program, out var type) && choices.GetValueOrDefault(program) is not EventMaps.NoType)
            {
                var printer = new EventPrinter(context.Terminal.Output, style, programs.Count == 1 && spec.Events.IsEmpty);
                var cutter = new RecordCutter(printer.For(program, type, StackLayout.Of(type, spec) is { } stacks ? from.Stacks(stacks) : null, spec.Notes.Readings.GetValueOrDefault(program)), (int)type.Resolve().Size);
                read(program, Until(program, cutter.Take));
                cutter.End();
                printer.Flush();
            }
            else
            {
                var printer = new TextPrinter(context.Terminal.Output, style, program);
                read(program, Until(program, printer.Take));
                printer.End();
            }
        }
    }

    Func<ReadOnlySpan<byte>, bool> Until(string program, Action<ReadOnlySpan<byte>> take) => piece =>
    {
        take(piece);
        if (mayReadOn())
        {
            return true;
        }

        if (!context.Cancellation.IsCancellationRequested)
        {
            context.Terminal.Say($"warning: program `{program}`: the time is over, and what it writes is not read as fast: there may be more");
        }

        return false;
    };
}
