namespace Pm.Torture.Gear;

/// <summary>What is tortured: pm as it is shipped.</summary>
static class Executables
{
    public static string Pm { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("PM_TEST_BIN") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "../../../publish/pm"));

    /// <summary>Why nothing can be run, or null.</summary>
    public static string? Missing => File.Exists(Pm) ? null : $"no executable at {Pm}: `make pm`, or PM_TEST_BIN";
}
