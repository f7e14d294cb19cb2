require "ebpm"

def refused
  yield
rescue Ebpm::Error => e
  puts "refused #{e.code} #{e.exit}"
  nil
end

target, name, project = ARGV
Ebpm.pull
puts "search #{Ebpm.search("hello").map { |p| "#{p["name"]} #{p["version"]}" }.join(" ")}"
puts "install #{Ebpm.install("hello", allowUnsigned: true)["packages"].map { |p| p["name"] }.join(" ")}"
puts "list #{Ebpm.list_packages.map { |p| p["name"] }.join(" ")}"
puts "info #{Ebpm.info("hello")["version"]}"
puts "check #{Ebpm.check(target)["objects"][0]["programs"].map { |p| p["name"] }.join(" ")}"
puts "update #{Ebpm.update("hello")["packages"].length}"
puts "get #{Ebpm.get("hello", project: project, allowUnsigned: true)["changes"].map { |c| c["name"] }.join(" ")}"
puts "remove #{Ebpm.remove("hello")["packages"].map { |p| p["name"] }.join(" ")}"
puts ["list", *Ebpm.list_packages.map { |p| p["name"] }].join(" ")
puts "version #{Ebpm.version == Ebpm.call("version")["version"] ? "True" : "False"}"
refused { Ebpm.install("pm-nowhere") }
started = refused { Ebpm.run_detached(target, "--pid", Process.pid) } or exit
puts "detached #{started["programs"].join(" ")}"
begin
  File.open(name)
rescue Errno::ENOENT
  nil
end
puts "ps #{Ebpm.ps.count { |r| r["name"] == started["name"] }}"
run = Ebpm.logs(started["name"])
puts "event #{run.map { |e| e["name"] == name && e["pid"] == Process.pid }.any? ? "True" : "False"}"
puts "end #{run.stop["code"]} #{run.lost} #{run.name == started["name"] ? "True" : "False"}"
puts "stop #{Ebpm.stop(started["name"]) == [started["name"]] ? "True" : "False"}"
refused { Ebpm.stop(started["name"]) }
