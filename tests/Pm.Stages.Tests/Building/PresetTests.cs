using Pm.Linux;
using Xunit;

namespace Pm.Stages.Tests.Building;

/// <summary>Each preset with its tool, where that is.</summary>
public sealed class PresetTests
{
    const string Hello = "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n";

    [Fact]
    public async Task Make_installs_below_the_directory()
    {
        using var sandbox = Sandbox("make", "make");
        sandbox.Write("Makefile", "prefix ?= /usr/local\nall:\n\techo x > x\ninstall:\n\tmkdir -p $(DESTDIR)$(prefix)/share\n\tcp x $(DESTDIR)$(prefix)/share/\n");

        Assert.Equal(["share/x"], BuildSandbox.Paths(await sandbox.BuildAsync()));
    }

    [Fact]
    public async Task CMake_installs_below_the_directory()
    {
        using var sandbox = Sandbox("cmake", "cmake", "cc");
        sandbox.Write("hello.c", Hello);
        sandbox.Write(
            "CMakeLists.txt",
            """
            cmake_minimum_required(VERSION 3.10)
            project(hello C)
            include(GNUInstallDirs)
            add_library(greet SHARED hello.c)
            add_executable(hello hello.c)
            target_link_libraries(hello greet)
            install(TARGETS hello greet)
            install(FILES hello.c DESTINATION ${CMAKE_INSTALL_DATADIR}/hello)
            """);

        Assert.Equal(["bin/hello", "lib/libgreet.so", "share/hello/hello.c"], BuildSandbox.Paths(await sandbox.BuildAsync()));
    }

    [Fact]
    public async Task Meson_installs_below_the_directory()
    {
        using var sandbox = Sandbox("meson", "meson", "ninja", "cc");
        sandbox.Write("hello.c", Hello);
        sandbox.Write("meson.build", "project('hello', 'c')\nexecutable('hello', 'hello.c', install : true)\n");

        Assert.Equal(["bin/hello"], BuildSandbox.Paths(await sandbox.BuildAsync()));
    }

    [Fact]
    public async Task Cargo_installs_below_the_directory()
    {
        using var sandbox = Sandbox("cargo", "cargo", "rustc", "cc");
        sandbox.Write("Cargo.toml", "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        sandbox.Write("src/main.rs", "fn main() { println!(\"hello\"); }\n");

        Assert.Equal(["bin/hello"], BuildSandbox.Paths(await sandbox.BuildAsync()));
    }

    [Fact]
    public async Task Go_installs_below_the_directory()
    {
        using var sandbox = Sandbox("go", "go");
        sandbox.Write("go.mod", "module example.org/hello\n\ngo 1.18\n");
        sandbox.Write("main.go", "package main\n\nfunc main() { println(\"hello\") }\n");

        Assert.Equal(["bin/hello"], BuildSandbox.Paths(await sandbox.BuildAsync()));
    }

    [Fact]
    public async Task Npm_installs_below_the_directory()
    {
        using var sandbox = Sandbox("npm", "npm", "node");
        sandbox.Write("package.json", "{ \"name\": \"hello\", \"version\": \"1.0.0\", \"bin\": { \"hello\": \"hello.js\" }, \"files\": [\"hello.js\"], \"scripts\": { \"build\": \"cp in.js hello.js\" } }\n");
        sandbox.Write("in.js", "#!/usr/bin/env node\nconsole.log('hello');\n");

        var built = await sandbox.BuildAsync();

        Assert.Contains("bin/hello", BuildSandbox.Paths(built));
        Assert.Contains("lib/node_modules/hello/hello.js", BuildSandbox.Paths(built));
        Assert.Equal(built.Package.Hash, (await sandbox.BuildAsync(sandbox.Options with { IsFresh = true })).Package.Hash);
    }

    [Fact]
    public async Task Dotnet_installs_below_the_directory_with_a_link_for_each_program()
    {
        using var sandbox = Sandbox("dotnet", "dotnet");
        var version = Environment.Version.Major;
        sandbox.Write("hello.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net{version}.0</TargetFramework></PropertyGroup></Project>\n");
        sandbox.Write("hello.cs", "System.Console.WriteLine(\"hello\");\n");

        var built = await sandbox.BuildAsync();

        Assert.Contains("lib/hello-dotnet/hello.dll", BuildSandbox.Paths(built));
        Assert.Equal("../lib/hello-dotnet/hello", built.Package.Entries.Single(e => e.Path == "bin/hello").Target);
    }

    static BuildSandbox Sandbox(string preset, params string[] tools)
    {
        var missing = tools.Where(t => ProgramPath.Find(t, "/usr/local/bin:/usr/bin:/bin") is null).ToList();
        Assert.SkipWhen(missing.Count > 0, $"there is no {string.Join(", ", missing)} here");
        return new BuildSandbox($"package = {{ name = 'hello-{preset}', version = '1.0.0' }}\nbuild.preset = '{preset}'\n");
    }
}
