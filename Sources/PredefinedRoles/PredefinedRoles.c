// Puts the files into the program, which is installed as one file. As a Swift literal they would have to be a generated
// copy, and as a resource that SwiftPM embeds they cost ten seconds of every build.

#include "PredefinedRoles.h"

static const unsigned char permissions[] = {
#embed "permissions.txt"
};

static const unsigned char roles[] = {
#embed "roles/basic.txt"
    ,
#embed "roles/artifactregistry.txt"
    ,
#embed "roles/batch.txt"
    ,
#embed "roles/cloudasset.txt"
    ,
#embed "roles/compute.txt"
    ,
#embed "roles/iam.txt"
    ,
#embed "roles/logging.txt"
    ,
#embed "roles/monitoring.txt"
    ,
#embed "roles/occupations.txt"
    ,
#embed "roles/orgpolicy.txt"
    ,
#embed "roles/policyanalyzer.txt"
    ,
#embed "roles/policysimulator.txt"
    ,
#embed "roles/pubsub.txt"
    ,
#embed "roles/recommender.txt"
    ,
#embed "roles/resourcemanager.txt"
    ,
#embed "roles/run.txt"
    ,
#embed "roles/secretmanager.txt"
    ,
#embed "roles/serviceusage.txt"
    ,
#embed "roles/storage.txt"
};

const unsigned char *predefined_permissions(size_t *length) {
    *length = sizeof(permissions);
    return permissions;
}

const unsigned char *predefined_roles(size_t *length) {
    *length = sizeof(roles);
    return roles;
}
