using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pm.Simulation.Lying;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Lies that no single answer tells: states that no publisher made, and what lies where somebody put it.</summary>
static class StateLies
{
    static readonly string[] Strange =
    [
        "../evil/1.0.0", "%2e%2e/1.0.0", "a\\b/1.0.0", "/etc/passwd", "tool?x/1.0.0", "http://evil.test/1.0.0", "tool/1.0.0/../../x", "tool/\u0000", "tool#x/1.0.0",
    ];

    /// <summary>A download breaks off and is kept; somebody changes what was kept.</summary>
    public static async Task SpoilKeptPartsAsync(HostileStory story)
    {
        story.PublishNext(noise: 400_000);
        story.Server!.LiesAbout = path => !path.EndsWith(".json", StringComparison.Ordinal);
        story.Server.LieAlways = async answer =>
        {
            if (answer.Content is not { Length: > 300_000 })
            {
                await Truth.TellAsync(answer);
            }
            else if (answer.Offset > 0)
            {
                await answer.SendHeadAsync("403 Forbidden", "Content-Length: 0");
            }
            else
            {
                await answer.SendHeadAsync("200 OK", $"Content-Length: {answer.Content.Length}");
                await answer.SendAsync(answer.Content.AsMemory(0, 200_000));
                answer.IsOver = true;
            }
        };
        Assert.NotEqual(ExitCode.Ok, await story.UpdateAsync());
        story.Return();
        var kept = Directory.GetFiles(Path.Join(story.Root, "var/cache/pm/partial"));
        Assert.Equal(200_000, new FileInfo(Assert.Single(kept)).Length);
        ServedDirectory.Alter(kept[0]);
    }

    /// <summary>Bytes that somebody signed, but not under that name.</summary>
    public static byte[] AnotherFile(HostileStory story, string path) =>
        path.EndsWith(".targets.json", StringComparison.Ordinal) ? story.Repository.Files["1.targets.json"]
        : path.EndsWith(".pkg", StringComparison.Ordinal) ? story.Repository.Files["tool-1.0.0.pkg"]
        : path == "timestamp.json" ? story.Repository.Files["snapshot.json"]
        : path == "available.json" ? story.Previous["available.json"]
        : story.Repository.Files["timestamp.json"];

    public static void BecomeAnother(HostileStory story, string file) =>
        File.WriteAllBytes(file, AnotherFile(story, Path.GetRelativePath(story.Files.Path, file)));

    /// <summary>What was served before, whole.</summary>
    public static Task GoBackAsync(HostileStory story)
    {
        story.Repository.Restore(story.Previous);
        return Task.CompletedTask;
    }

    public static Task OldSnapshotAsync(HostileStory story)
    {
        story.Repository.Files[$"{story.Repository.SnapshotVersion}.snapshot.json"] = story.Previous["snapshot.json"];
        return Task.CompletedTask;
    }

    /// <summary>The next state of the repository comes while a file of this one is on its way.</summary>
    public static Lie Replacing(HostileStory story)
    {
        var isDone = false;
        return async answer =>
        {
            await Truth.TellAsync(answer);
            if (!isDone)
            {
                isDone = true;
                story.PublishNext();
            }
        };
    }

    /// <summary>The publisher signed on; the mirror stands still, until what it has is out of date.</summary>
    public static Task FreezeAsync(HostileStory story)
    {
        var old = story.Previous.Count > 0 ? story.Previous : story.Repository.Save();
        story.Repository.Expires = story.Clock.GetUtcNow().AddDays(70);
        story.Repository.PublishRoot();
        story.Repository.Publish();
        story.BeHonest();
        story.Clock.Advance(TimeSpan.FromDays(40));
        story.Repository.Restore(old);
        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    public static Task LoseRootAsync(HostileStory story)
    {
        story.Repository.Rotate("timestamp");
        story.Repository.Rotate("timestamp");
        story.Repository.Publish();
        story.BeHonest();
        story.Repository.Files.Remove($"{story.Repository.RootVersion - 1}.root.json");
        return Task.CompletedTask;
    }

    /// <summary>A timestamp that is signed well and says something absurd of the snapshot.</summary>
    public static Task ClaimLengthAsync(HostileStory story, long length)
    {
        var repository = story.Repository;
        var named = MetaFile.Of(repository.SnapshotVersion, repository.Files["snapshot.json"]) with { Length = length };
        repository.Files["timestamp.json"] = RoleSigner.Sign(
            new TimestampMetadata { Version = repository.TimestampVersion, Expires = repository.Expires, Snapshot = named }, repository.Keys["timestamp"]);
        return Task.CompletedTask;
    }

    public static Task ShowAsync(HostileStory story, Func<SampleAuthority, X509Certificate2> certificate)
    {
        story.Server!.Certificate = certificate(story.Authority!);
        return Task.CompletedTask;
    }

    public static Task NameStrangelyAsync(HostileStory story)
    {
        foreach (var name in Strange)
        {
            story.Repository.AddTarget(name, [1, 2, 3], """{"merkle":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","size":3}""");
        }

        story.Repository.Publish();
        var list = Encoding.UTF8.GetString(story.Repository.Files["available.json"]);
        var strange = string.Concat(Strange.Select(name => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\0", "\\u0000", StringComparison.Ordinal)}\":{{\"1.0.0\":{{\"name\":\"x\",\"version\":\"1.0.0\"}}}},"));
        story.Repository.Files["available.json"] = Encoding.UTF8.GetBytes($"{{{strange}{list.TrimStart('{')}");
        return Task.CompletedTask;
    }
}
