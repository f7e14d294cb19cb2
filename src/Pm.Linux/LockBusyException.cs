using System.Globalization;

namespace Pm.Linux;

/// <summary>A lock was not to be had in time.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a path.
public sealed class LockBusyException(string path, LockHolder? holder, TimeSpan waited) : IOException(string.Create(
    CultureInfo.InvariantCulture,
    $"lock {path}: held by {holder?.ToString() ?? "a process that cannot be seen from here"}"
    + $"{(waited > TimeSpan.Zero ? $", waited {waited.TotalSeconds:0.#} s" : "")}"))
#pragma warning restore CA1032
{
    public string Path => path;

    /// <summary>Null when it ended meanwhile or belongs to another process namespace.</summary>
    public LockHolder? Holder => holder;

    /// <summary>The page that <c>pm explain</c> shows.</summary>
    public string Code { get; } = "PM8110";

    /// <summary>The exact command that shows the holder, or has it go on.</summary>
    public string? Hint => holder is null ? null : string.Create(CultureInfo.InvariantCulture, $"{(holder.IsStopped ? "kill -CONT" : "ps -fp")} {holder.ProcessId}");
}
