using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>A command that brings something out of a registry, and how it is seen that it did.</summary>
/// <param name="Name">For messages.</param>
/// <param name="IsOfObject">Of an eBPF object, which has a configuration that is read; else of a package.</param>
/// <param name="Words">What pm is told.</param>
/// <param name="IsDone">Whether what was published came.</param>
sealed record RegistryCommand(string Name, bool IsOfObject, Func<RegistryStory, string[]> Words, Func<RegistryStory, bool> IsDone)
{
    const string Pulled = "pulled";

    public static IReadOnlyList<RegistryCommand> All { get; } =
    [
        new("pull of an object", true, story => ["pkg", "pull", "--output", Pulled, story.ObjectReference], story => FileIs(story, story.Object)) { WritesFile = true },
        new("pull of a package", false, story => ["pkg", "pull", "--output", Pulled, story.PackageReference], story => FileIs(story, story.Package)) { WritesFile = true },
        new("run of an object", true, story => ["run", "-n", "--trust", story.ObjectReference], story => story.Data.Contains("would load", StringComparison.Ordinal)),
        new("run of a package", false, story => ["run", "-q", "--trust", story.PackageReference], story => story.Data == $"tool@{story.Version}.0.0\n"),
        new("install", false, story => ["install", "--yes", "--trust", story.PackageReference], story => Installed(story) == $"echo tool@{story.Version}.0.0") { Installs = true },
    ];

    public bool WritesFile { get; init; }

    public bool Installs { get; init; }

    public void RequireDone(RegistryStory story, string where) => Assert.True(IsDone(story), $"{where}: {story.Data}\n{story.Talk}");

    /// <summary>What was published before came, and that whole: who gives a tag says what it names.</summary>
    public void RequireOld(RegistryStory story, string where) => Assert.True(
        WritesFile ? FileIs(story, IsOfObject ? story.OldObject : story.OldPackage)
            : Installs ? Installed(story) == $"echo {story.OldTool}"
            : IsOfObject ? IsDone(story) : story.Data == $"{story.OldTool}\n", $"{where}: {story.Data}\n{story.Talk}");

    /// <summary>Makes it such that the next one has something to do.</summary>
    public async Task UndoAsync(RegistryStory story)
    {
        File.Delete(Path.Join(story.Work, Pulled));
        if (Installs)
        {
            await story.PublishNextAsync();
        }
    }

    static bool FileIs(RegistryStory story, byte[] bytes) => File.Exists(Path.Join(story.Work, Pulled)) && File.ReadAllBytes(Path.Join(story.Work, Pulled)).AsSpan().SequenceEqual(bytes);

    static string Installed(RegistryStory story) => File.ReadAllLines(story.InDirectory("root/bin/tool"))[1];
}
