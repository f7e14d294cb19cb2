using Pm.Ebpf.Events;

namespace Pm.Cli.Ebpf;

/// <summary>Shows what programs write that walk over something the kernel has many of.</summary>
static class IteratorOutput
{
    /// <param name="context">The world.</param>
    /// <param name="programs">Their names.</param>
    /// <param name="style">How it looks.</param>
    /// <param name="read">Reads the text of one, until it is told that it is enough.</param>
    /// <exception cref="Pm.Ebpf.Loading.BpfException">PM8040, PM8058: it cannot be read.</exception>
    public static void Write(PmContext context, IEnumerable<string> programs, EventStyle style, Action<string, Func<ReadOnlySpan<byte>, bool>> read)
    {
        foreach (var program in programs.TakeWhile(_ => !context.Cancellation.IsCancellationRequested))
        {
            var printer = new TextPrinter(context.Terminal.Output, style, program);
            read(program, text =>
            {
                printer.Take(text);
                return !context.Cancellation.IsCancellationRequested;
            });
            printer.End();
        }
    }
}
