using Pm.Cli.Output;
using Pm.Stages;

namespace Pm.Cli.Commands.Projects;

/// <summary>Says what is being built: nobody knows how long it takes, so it is told once, and what is in hand stays on a terminal.</summary>
sealed class BuildProgress(PmContext context) : IDisposable
{
    bool IsShown => context.Settings.Progress == ProgressStyle.Auto && context.Terminal.TalkIsTerminal && !context.Settings.Quiet;

    public StageObserver Observer => new()
    {
        Working = what => Show(Hostile.OneLine(what)),
        Finished = _ => Show(null),
        Note = line =>
        {
            Show(null);
            context.Terminal.Note(Hostile.Visible(line));
        },
    };

    public void Dispose() => Show(null);

    void Show(string? line)
    {
        if (IsShown)
        {
            context.Terminal.Status(line is null || line.Length < context.Terminal.Width ? line : line[..(context.Terminal.Width - 1)]);
        }
    }
}
