namespace Pm.Ebpf.Objects;

/// <summary>Programs that pm does not attach, whatever is said of them.</summary>
static class UnattachedKinds
{
    /// <summary>Why not; null for all others.</summary>
    public static string? WhyNot(ProgramSpec program) => program.Hook.Kind switch
    {
        HookKind.SocketMap when AttachType.Of(program) is null => "its section does not say what it does for sockets (`sk_skb/stream_parser`, `sk_skb/stream_verdict`, `sk_skb/verdict`)",
        HookKind.Syscall => "it waits to be called by a program of its author's, which pm is not",
        HookKind.Other => $"pm attaches no programs of `{program.Section.TrimStart('?').Split('/')[0]}`",
        _ => null,
    };
}
