using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>What the kernel means by its number where <see cref="NewerAttachment"/> asked it.</summary>
static class NewerRefusals
{
    const int NoSuchFamily = 97; // EAFNOSUPPORT

    /// <summary>The cause, and what helps; null where the kernel's own words are all that is known.</summary>
    public static (string Code, string Cause, string? Hint)? Of(ProgramSpec program, int errno) => program.Hook.Kind switch
    {
        HookKind.KprobeMulti when errno is Errno.EOPNOTSUPP => ("PM8033", "this kernel cannot trace many functions at once (CONFIG_FPROBE)", null),
        HookKind.Netkit when errno is Errno.ENXIO => ("PM8039", "the interface that is given for it is none of netkit", "`ip link add NAME type netkit` makes a pair"),
        HookKind.Netkit when errno is Errno.EACCES => ("PM8039", "the interface that is given for it is the peer of a pair: the programs of both are attached at the other", "`pm run --interface …` with the interface that was made with the peer"),
        HookKind.Netfilter when errno is Errno.EBUSY => ("PM8039", $"another program is at `{program.Hook.Target}` with that priority", $"`pm run --at {program.Name}={NextTo(program.Hook.Target)} …`"),
        HookKind.Netfilter when errno is NoSuchFamily => ("PM8039", $"this machine has no {program.Hook.Target.Split(':')[0]}", null),
        _ => null,
    };

    static string NextTo(string target) => NetfilterPlace.Parse(target) is { } place ? $"{string.Join(':', target.Split(':')[..2])}:{place.Priority + 1}" : target;
}
