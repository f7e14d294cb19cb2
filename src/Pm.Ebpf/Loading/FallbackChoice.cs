using System.Collections.Immutable;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>Which of several programs that do the same is used.</summary>
/// <param name="Used">The first that loaded and was attached.</param>
/// <param name="Refused">Why those before it were not.</param>
public sealed record FallbackChoice(ProgramSpec Used, ImmutableArray<BpfError> Refused)
{
    /// <summary>The first was not the one.</summary>
    public bool IsSubstitute => !Refused.IsEmpty;

    /// <summary><c>opened: fentry/do_unlinkat refused (why); running by tp_btf/sys_enter (entered)</c>.</summary>
    public override string ToString() => IsSubstitute
        ? $"{Refused[0].Program}: {string.Join("; ", Refused.Select(e => $"{e.Hook?.TrimStart('?')} refused ({e.Cause}) [{e.Code}]"))}; running by {Used.Place.TrimStart('?')} ({Used.Name})"
        : $"{Used.Name}: running by {Used.Place.TrimStart('?')}";
}
