namespace Ebpm;

/// <summary>An object that was left to run on its own.</summary>
/// <param name="Name">What <see cref="Pm.Logs"/> and <see cref="Pm.Stop"/> know it by: <c>opensnoop/1</c>.</param>
/// <param name="Programs">The eBPF programs that are attached.</param>
/// <param name="Refused">Those that the kernel did not take.</param>
public sealed record Detached(string Name, IReadOnlyList<string> Programs, IReadOnlyList<string> Refused);
