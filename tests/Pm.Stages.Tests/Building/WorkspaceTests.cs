using Pm.Stages.Building;
using Xunit;

namespace Pm.Stages.Tests.Building;

public sealed class WorkspaceTests
{
    [Fact]
    public async Task Members_are_built_after_what_they_depend_on_and_with_its_files()
    {
        using var sandbox = new BuildSandbox("workspace.members = ['packages/*', 'app']\nworkspace.exclude = ['packages/old']");
        Member(sandbox, "app", "app", "build.command = 'answer > $OUT/said; cat ${CPATH%%:*}/answer.h > $OUT/header; tool >> $OUT/said'\ndependencies.lib = '^1'");
        Member(sandbox, "packages/lib", "lib", "build.command = 'mkdir $OUT/include $OUT/bin; echo 42 > $OUT/include/answer.h; printf \"#!/bin/sh\\necho 42\\n\" > $OUT/bin/answer; chmod +x $OUT/bin/answer'\ndependencies.tool = '*'");
        Member(sandbox, "packages/tool", "tool", "build.command = 'mkdir $OUT/bin; printf \"#!/bin/sh\\necho tool\\n\" > $OUT/bin/tool; chmod +x $OUT/bin/tool'");
        Member(sandbox, "packages/old", "old", "build.command = 'exit 1'");
        sandbox.Write("packages/notes/README.md", "no member: there is no manifest");
        sandbox.Write("packages/.git/x/pm.toml", "not looked at");

        var built = await RunAsync(sandbox);

        Assert.Equal(["tool", "lib", "app"], built.Select(b => b.Package.Id.Name.Text));
        // CPATH begins with what lib has: roots are sorted by name.
        Assert.Equal("42\ntool\n", BuildSandbox.Read(built[2], "said"));
        Assert.All(await RunAsync(sandbox), b => Assert.True(b.IsCached));
    }

    [Fact]
    public async Task A_member_is_built_again_when_what_it_depends_on_became_another()
    {
        using var sandbox = new BuildSandbox("workspace.members = ['a', 'b']");
        Member(sandbox, "a", "a", "build.command = 'cp data $OUT/data'");
        Member(sandbox, "b", "b", "build.command = 'echo b > $OUT/b'\ndependencies.a = '*'");
        sandbox.Write("a/data", "one");
        await RunAsync(sandbox);
        sandbox.Write("a/data", "two");

        Assert.Equal([false, false], (await RunAsync(sandbox)).Select(b => b.IsCached));
        sandbox.Write("b/data", "two");
        Assert.Equal([true, false], (await RunAsync(sandbox)).Select(b => b.IsCached));
    }

    [Fact]
    public async Task The_package_of_the_workspace_itself_is_built_too()
    {
        using var sandbox = new BuildSandbox("package = { name = 'top', version = '1.0.0' }\nworkspace.members = ['z']\nbuild.command = 'cp $CPATH/z.h $OUT/'\nbuild-dependencies.z = '*'");
        Member(sandbox, "z", "z", "build.command = 'mkdir $OUT/include; echo z > $OUT/include/z.h'");

        Assert.Equal(["z", "top"], (await RunAsync(sandbox)).Select(b => b.Package.Id.Name.Text));
    }

    [Theory]
    [InlineData("PM7309", "a → b → c → a", "workspace.members = ['*']", "a:b", "b:c", "c:a", "d:a")]
    [InlineData("PM7309", "b → c → b", "workspace.members = ['*']", "a:b", "b:c", "c:b")]
    [InlineData("PM7311", "missing: there is no such directory", "workspace.members = ['missing', 'a']", "a:")]
    [InlineData("PM7311", "empty: there is no manifest", "workspace.members = ['empty', 'a']", "a:", "-empty")]
    [InlineData("PM7306", "no member of the workspace makes a package", "workspace.members = ['*']")]
    [InlineData("PM7306", "are called a", "workspace.members = ['*', '*/*']", "a:", "-x/a")]
    public async Task What_is_wrong_with_a_workspace_is_named_and_nothing_is_built(string code, string message, string manifest, params string[] members)
    {
        using var sandbox = new BuildSandbox(manifest);
        foreach (var member in members)
        {
            if (member[0] == '-')
            {
                Directory.CreateDirectory(Path.Join(sandbox.Project, member[1..]));
                if (member.Contains('/'))
                {
                    Member(sandbox, member[1..], "a", "build.command = 'true'");
                }
            }
            else
            {
                var (name, needs) = (member.Split(':')[0], member.Split(':')[1]);
                Member(sandbox, name, name, $"build.command = 'echo x > $OUT/x'\n{(needs.Length > 0 ? $"dependencies.{needs} = '*'" : "")}");
            }
        }

        var error = await Assert.ThrowsAsync<StageException>(() => RunAsync(sandbox));

        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(sandbox.Cache));
    }

    [Fact]
    public async Task Build_dependencies_have_to_be_there_and_count_by_what_they_are()
    {
        using var sandbox = new BuildSandbox("package = { name = 'tool', version = '1.0.0' }\nbuild.command = 'made-up > $OUT/said'\nbuild-dependencies.made-up = '*'");
        var error = await Assert.ThrowsAsync<StageException>(() => RunAsync(sandbox));
        Assert.Equal("PM7308", error.Code);
        Assert.Equal("pm install .", error.Hint);

        sandbox.Write("../deps/bin/made-up", "#!/bin/sh\necho one\n", isExecutable: true);
        Assert.Equal("one\n", BuildSandbox.Read((await RunAsync(sandbox, Given(sandbox, 1))).Single(), "said"));
        Assert.True((await RunAsync(sandbox, Given(sandbox, 1))).Single().IsCached);
        sandbox.Write("../deps/bin/made-up", "#!/bin/sh\necho two\n", isExecutable: true);
        Assert.Equal("two\n", BuildSandbox.Read((await RunAsync(sandbox, Given(sandbox, 2))).Single(), "said"));
    }

    [Fact]
    public async Task What_members_need_is_asked_for_each()
    {
        using var sandbox = new BuildSandbox("workspace.members = ['a', 'b']");
        Member(sandbox, "a", "a", "build.command = 'made-up > $OUT/said'\nbuild-dependencies.made-up = '*'");
        Member(sandbox, "b", "b", "build.command = 'echo b > $OUT/said'\nbuild-dependencies.a = '*'");
        sandbox.Write("../deps/bin/made-up", "#!/bin/sh\necho made up\n", isExecutable: true);
        var asked = new List<string>();

        var built = await RunAsync(sandbox, project =>
        {
            asked.Add(project.Title);
            return project.Title == "a" ? Given(sandbox, 1)(project) : null;
        });

        Assert.Equal(["made up\n", "b\n"], built.Select(b => BuildSandbox.Read(b, "said")));
        Assert.Equal(["a", "b"], asked);
    }

    static Func<BuildProject, IReadOnlyList<BuildDependency>?> Given(BuildSandbox sandbox, byte content) =>
        _ => [PackageBuildTests.Needed("made-up", content, Path.GetFullPath(Path.Join(sandbox.Project, "../deps")))];

    [Fact]
    public async Task Looking_says_what_is_built_and_writes_nothing()
    {
        using var sandbox = new BuildSandbox("workspace.members = ['a', 'b']");
        Member(sandbox, "a", "a", "build.command = 'cp data $OUT/data'");
        Member(sandbox, "b", "b", "build.command = 'echo b > $OUT/b'\ndependencies.a = '*'");
        sandbox.Write("a/data", "one");
        Assert.Equal([false, false], Look(sandbox));
        Assert.False(Directory.Exists(sandbox.Cache));
        await RunAsync(sandbox);

        Assert.Equal([true, true], Look(sandbox));
        sandbox.Write("a/data", "two");
        Assert.Equal([false, false], Look(sandbox));
    }

    [Theory]
    [InlineData("same", "echo x > $OUT/x", null)]
    [InlineData("content", "mkdir $OUT/bin; echo x > $OUT/bin/a; echo 'built ' $(cat /proc/sys/kernel/random/uuid) > $OUT/bin/b", "bin/b: it differs at byte ")]
    [InlineData("names", "echo x > $OUT/$(cat /proc/sys/kernel/random/uuid)", "build made it")]
    [InlineData("link", "ln -s $(cat /proc/sys/kernel/random/uuid) $OUT/link", "link: a link to ")]
    public async Task Two_builds_are_compared_and_the_first_difference_is_told(string name, string script, string? difference)
    {
        using var sandbox = new BuildSandbox($"package = {{ name = '{name}', version = '1.0.0' }}\nbuild.command = '''{script}'''");
        var check = new ProjectBuild(sandbox.Options).CheckAsync(BuildProject.Read(sandbox.Project), null, TestContext.Current.CancellationToken);

        if (difference is null)
        {
            Assert.Single(await check);
        }
        else
        {
            var error = await Assert.ThrowsAsync<StageException>(() => check);
            Assert.Equal("PM7310", error.Code);
            Assert.Contains(difference, error.Message, StringComparison.Ordinal);
        }
    }

    static Task<IReadOnlyList<BuiltPackage>> RunAsync(BuildSandbox sandbox, Func<BuildProject, IReadOnlyList<BuildDependency>?>? dependencies = null) =>
        new ProjectBuild(sandbox.Options with { Dependencies = dependencies ?? (_ => null) }).RunAsync(BuildProject.Read(sandbox.Project), null, TestContext.Current.CancellationToken);

    static IEnumerable<bool> Look(BuildSandbox sandbox) =>
        new ProjectBuild(sandbox.Options).Look(BuildProject.Read(sandbox.Project), TestContext.Current.CancellationToken).Select(look => look.Built is not null);

    static void Member(BuildSandbox sandbox, string directory, string name, string rest) =>
        sandbox.Write($"{directory}/pm.toml", $"package = {{ name = '{name}', version = '1.0.0' }}\n{rest}\n");
}
