namespace Pm.Ebpf.Eunomia;

/// <summary>A value as a package has it for a variable.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A number or text as it is written; <c>true</c> or <c>false</c>.</param>
public readonly record struct EunomiaDefault(EunomiaDefaultKind Kind, string Text)
{
    public static EunomiaDefault None { get; } = new(EunomiaDefaultKind.None, "");
}
