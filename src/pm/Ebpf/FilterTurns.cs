using Pm.Cli.Roots;
using Pm.Ebpf.Filters;

namespace Pm.Cli.Ebpf;

/// <summary>How this run waits for others that change filters of traffic control.</summary>
static class FilterTurns
{
    public static FilterPatience Of(PmContext context) => new(context.Time, context.Cancellation, holder => context.Terminal.Note(RootAccess.WaitingFor(holder)));
}
